-- What a goal answers, and what has to be learnt for it.
ALTER TABLE goals
  ADD COLUMN needs           text[] COLLATE "C" NOT NULL DEFAULT '{}',
  ADD COLUMN training_topics text[] COLLATE "C" NOT NULL DEFAULT '{}';
