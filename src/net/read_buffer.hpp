// The bytes a connection has received and not yet understood, in one piece.
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace opsteward::net {

class ReadBuffer {
  public:
    /// Room for at least `size` bytes behind what is there; Commit() says how many were put in.
    std::span<char> Prepare(std::size_t size) {
        if (bytes_.size() - end_ < size) {
            if (!empty()) std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
            if (bytes_.size() - end_ < size) bytes_.resize(end_ + size);
        }
        return std::span(bytes_).subspan(end_);
    }
    void Commit(std::size_t size) { end_ += size; }
    void Consume(std::size_t size) {
        begin_ += size;
        if (begin_ == end_) begin_ = end_ = 0;
    }
    /// Gives back what a large request needed, so that idle connections stay small.
    void ReleaseIfLargerThan(std::size_t size) {
        if (empty() && bytes_.size() > size) std::vector<char>().swap(bytes_);
    }
    std::string_view View() const { return {bytes_.data() + begin_, end_ - begin_}; }
    bool empty() const { return begin_ == end_; }

  private:
    std::vector<char> bytes_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace opsteward::net
