// Takes a chunked body apart (RFC 9112, section 7.1), strictly: CRLF only, sizes in plain hex,
// extensions and trailers checked and dropped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace teraju::gateway::http {

class ChunkedDecoder {
 public:
  // Takes what it can from the front of `input` and appends the data to `out`. False where the
  // coding is broken: the connection cannot be used any more.
  bool Feed(std::string_view& input, std::string& out);

  // The last chunk and the trailers have been read; what is left of the input belongs to the next
  // request.
  bool done() const { return state_ == State::kDone; }

 private:
  enum class State { kSize, kData, kDataEnd, kTrailers, kDone };

  // Moves a line without its CRLF into `line_`. Absent while more bytes are needed.
  enum class Line { kWhole, kPartial, kBroken };
  Line TakeLine(std::string_view& input);
  bool ReadSize();
  bool ReadTrailer();

  State state_ = State::kSize;
  std::string line_;
  std::uint64_t remaining_ = 0;
  std::size_t trailer_bytes_ = 0;
};

}  // namespace teraju::gateway::http
