// Messages by columns. Format: docs/formats/vault.md, "Columns".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/block_grams.hpp"
#include "verifier/column.hpp"
#include "verifier/pack.hpp"

namespace opsteward::verifier {

/// Gives the messages of one block after the other; keeps its buffers. Not for use from two threads at a time.
class MessageColumns {
  public:
    /// Begins with a block of `count` messages of `bytes` bytes together. Malformed when `columns` are of none. The grams of the messages go to `grams`:
    /// they are taken from the columns, where most tokens stand once, and each token of the columns is in some message.
    void Open(std::string_view columns, std::uint32_t count, std::uint32_t bytes, BlockGrams& grams);

    /// The next message, until the next call. Malformed when it is longer than it may be, or they are not so many bytes together. Precondition: called
    /// at most as often as there are messages.
    std::string_view Next();

  private:
    struct Shape {
        std::string_view text;
        std::uint32_t count = 0;
        std::size_t next_message = 0;  ///< in by_shape_, as the next
        std::size_t end_message = 0;
        std::size_t first_piece = 0;
        std::size_t end_piece = 0;
    };

    void ReadShapes(std::string_view string);
    void ReadOrder(std::string_view string, std::uint32_t count);
    void CheckShapes(std::uint32_t bytes) const;
    void ReadWhole(std::string_view lengths, std::string_view bytes, BlockGrams& grams);
    void ReadPieces(Shape& shape);
    void SortByShape();
    void FillWindow();
    void TakeWhole();
    void PutTogether(Shape& shape);
    void TakeBytes(std::size_t size);

    Pack pack_;
    ColumnReader columns_;
    std::vector<Shape> shapes_;
    std::vector<std::uint16_t> order_;     ///< of each message the number of its shape; 0 if it is kept whole
    std::vector<std::uint32_t> by_shape_;  ///< the numbers of the messages that have one, shape by shape, rising in each
    std::uint32_t whole_count_ = 0;
    std::vector<std::string_view> whole_;  ///< the messages that are kept whole
    std::vector<Piece> pieces_;
    std::size_t next_whole_ = 0;
    std::size_t left_ = 0;                 ///< bytes of the messages that are in no window yet

    // The messages that come next. They are put together at one time: what stands at one place of them lies side by side in its column.
    std::size_t window_begin_ = 0;
    std::size_t next_ = 0;
    std::vector<std::string_view> window_;
    std::string bytes_;              ///< what was put together, kStep bytes behind each message
    std::size_t bytes_end_ = 0;
    std::vector<std::size_t> sizes_;  ///< of the messages of one shape, as the next
    std::vector<char*> ends_;
};

}  // namespace opsteward::verifier
