// Columns: what stands at one place of all messages of a shape. Format: docs/formats/vault.md, "Columns".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/block_grams.hpp"
#include "verifier/number_form.hpp"
#include "verifier/pack.hpp"
#include "verifier/steps.hpp"

namespace opsteward::verifier {

/// A piece of the messages of one shape: a column, with the delimiters and constant tokens before it.
struct Piece {
    enum class Kind : std::uint8_t {
        kConstant,    ///< the end of all messages
        kTexts,       ///< each message has its own
        kDictionary,  ///< each has one of some texts
    };
    Kind kind = Kind::kConstant;
    std::size_t first = 0;  ///< of its texts
    std::size_t next = 0;   ///< the text of the next message, or the place that says which
};

/// Takes the columns of a block one after the other and holds their texts. Not for use from two threads at a time.
class ColumnReader {
  public:
    /// Begins with the columns of another block, whose messages have so many bytes together; `pack` goes on with their strings.
    void Begin(Pack& pack, std::string_view heads, BlockGrams& grams, std::size_t message_bytes);

    /// Takes the next column, of `count` messages, which follows `literal`: a constant goes into that, with any other it becomes a piece. Malformed when
    /// the column is not `count` tokens.
    void Read(std::uint32_t count, std::string& literal, std::vector<Piece>& pieces);
    /// The end of a shape.
    void ReadEnd(const std::string& literal, std::vector<Piece>& pieces);
    bool is_at_end() const { return heads_.rest().empty(); }

    /// Adds to the size of each of the next messages that of its text.
    void AddSizes(const Piece& piece, std::span<std::size_t> sizes) const {
        ForEachText(piece, sizes.size(), [size = sizes.data()](std::string_view text) mutable { *size++ += text.size(); });
    }
    /// Writes the texts of the next messages, each to where its message ends up to now, and moves that end. Preconditions: called for each message of
    /// the shape once at most; kStep bytes may be written behind each text.
    void Write(Piece& piece, std::span<char*> ends) const {
        ForEachText(piece, ends.size(), [end = ends.data()](std::string_view text) mutable {
            *end = CopyInSteps(*end, text.data(), text.size());
            ++end;
        });
        piece.next += piece.kind == Piece::Kind::kConstant ? 0 : ends.size();
    }

  private:
    /// Calls `visit` with the texts of the next `count` messages.
    template <typename Visit>
    void ForEachText(const Piece& piece, std::size_t count, Visit visit) const;

    void ReadConstant(std::string& literal);
    void ReadTexts(std::uint32_t count, std::string_view literal);
    void ReadTextDictionary(std::uint32_t count, std::string_view literal);
    void ReadNumbers(std::uint32_t count, std::string_view literal);
    void ReadNumberSteps(std::uint32_t count, std::string_view literal);
    void ReadNumberDictionary(std::uint32_t count, std::string_view literal);

    std::uint64_t TakeNumber();
    std::uint8_t TakeByte();
    NumberForm TakeForm();
    std::uint64_t ReadPlanes(std::uint8_t width, std::size_t count);
    void ReadPlaces(std::uint64_t size, std::uint32_t count);

    // The texts of a piece. What they are made of can be read by steps.
    void BeginTexts(std::size_t count) {
        bound_ = bounds_.size();
        bounds_.resize(bound_ + 1 + count);
        bounds_[bound_] = static_cast<std::uint32_t>(kept_end_);
    }
    void KeepText(std::string_view literal, std::string_view token);
    void KeepNumber(std::string_view literal, std::uint64_t number, NumberForm form);
    void KeepNumbers(NumberForm form, std::string_view literal);
    void AddNumbers(std::span<const std::uint32_t> bounds, std::size_t literal_size);
    void EndText(const char* end);

    Pack* pack_ = nullptr;
    BlockGrams* grams_ = nullptr;
    Cursor heads_{{}};

    /// The texts of pieces, each with its literal. Every one stands in some message: they are no longer than all messages together.
    std::string kept_;
    std::size_t kept_end_ = 0;
    std::size_t kept_room_ = 0;
    std::vector<std::uint32_t> bounds_;   ///< where the texts of a piece begin in kept_, and where the last ends
    std::size_t bound_ = 0;               ///< the last that is known
    std::vector<std::uint32_t> places_;   ///< in dictionaries
    std::vector<std::uint64_t> numbers_;  ///< of the planes that were read last
    std::vector<std::uint8_t> is_used_;   ///< which texts of a dictionary; bytes, for bits would have to be read before they are set
};

template <typename Visit>
void ColumnReader::ForEachText(const Piece& piece, std::size_t count, Visit visit) const {
    const auto text = [bounds = bounds_.data() + piece.first, kept = kept_.data()](std::size_t number) {
        return std::string_view(kept + bounds[number], bounds[number + 1] - bounds[number]);
    };
    if (piece.kind == Piece::Kind::kDictionary) {
        for (const std::uint32_t place : std::span(places_).subspan(piece.next, count)) visit(text(place));
    } else if (piece.kind == Piece::Kind::kTexts) {
        for (std::size_t i = 0; i < count; ++i) visit(text(piece.next + i));
    } else {
        for (std::size_t i = 0; i < count; ++i) visit(text(0));
    }
}

}  // namespace opsteward::verifier
