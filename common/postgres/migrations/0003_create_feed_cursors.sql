-- How far this service has followed the feeds of others. Moved in the transaction of the effect.
CREATE TABLE feed_cursors (
  consumer    text        COLLATE "C" PRIMARY KEY,
  cursor      text        COLLATE "C" NOT NULL,
  update_time timestamptz NOT NULL DEFAULT now()
);
