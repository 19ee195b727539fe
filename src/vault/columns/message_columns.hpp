// Reading messages from their columns: which of them contain a text is found out before any is put together. Format: docs/formats/vault.md, "Columns".
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "vault/columns/message_layout.hpp"
#include "vault/columns/row_set.hpp"
#include "vault/columns/shape_columns.hpp"

namespace opsteward::vault {

/// Messages one after the other.
class JoinedMessages {
  public:
    /// Room for messages of at most `bytes` bytes together.
    explicit JoinedMessages(std::size_t bytes) : room_(std::make_unique_for_overwrite<char[]>(bytes)) {}

    char* room() { return room_.get(); }
    void Add(std::uint32_t length) {
        lengths_.push_back(length);
        size_ += length;
    }
    std::string_view bytes() const { return {room_.get(), size_}; }
    const std::vector<std::uint32_t>& lengths() const { return lengths_; }

  private:
    std::unique_ptr<char[]> room_;
    std::size_t size_ = 0;
    std::vector<std::uint32_t> lengths_;
};

/// The messages of a block, packed still. Not for use from two threads at a time.
class MessageColumns {
  public:
    /// Keeps views into `columns`. kCorrupt when they are not of `count` messages, or could not be of `bytes` bytes together.
    static Result<MessageColumns> Open(std::string_view columns, std::uint32_t count, std::uint32_t bytes);

    std::size_t count() const { return order_.size(); }
    /// Those of `among` that contain the text. Unpacks the columns alone that it could stand in; kCorrupt when
    /// one does not fit.
    Result<RowSet> RowsWith(const SearchedText& searched, const RowSet& among);
    /// These messages. Precondition: rows in rising order. kCorrupt when a column does not fit, or the messages are longer than they should be; where
    /// all are asked for, also when they are shorter.
    Result<JoinedMessages> Join(std::span<const std::uint32_t> rows);

  private:
    struct ShapeMessages {
        ShapeColumns columns;
        std::vector<std::uint32_t> rows;  ///< in the block
    };

    MessageColumns() = default;
    Result<void> ReadOrder(std::size_t shapes, std::uint32_t count);
    Result<void> ReadWhole();
    std::string_view Whole(std::size_t place) const;
    std::vector<std::uint32_t> PlacesAmong(const std::vector<std::uint32_t>& rows, const RowSet& among) const;

    std::uint32_t bytes_ = 0;
    Pack pack_;
    std::string whole_bytes_;
    std::vector<std::size_t> whole_starts_;  ///< of the messages that were written whole, and one more for the end
    std::vector<std::uint32_t> whole_rows_;
    std::vector<ShapeMessages> shapes_;
    std::vector<std::uint16_t> order_;       ///< for each row 0 when it was written whole, or its shape, from 1
    std::vector<std::uint32_t> places_;      ///< of each row among those of its shape
};

}  // namespace opsteward::vault
