#include "vault/columns/message_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

#include "vault/columns/column.hpp"
#include "vault/columns/distinct.hpp"
#include "vault/columns/pack.hpp"
#include "vault/columns/tokens.hpp"
#include "vault/store/varint.hpp"

namespace opsteward::vault {

namespace {

/// In a shape this stands for a token; no delimiter is a token's byte.
constexpr char kTokenMark = 'a';
/// Fewer messages of a shape are written whole: their columns would hold too little to be worth their heads.
constexpr std::size_t kMinMessages = 4;
/// More tokens in a message are no repeated structure but data; it is written whole.
constexpr std::size_t kMaxTokens = 512;
constexpr std::size_t kMaxShapes = 4096;
/// Everything unpacked: the messages' own bytes, their numbers as planes of up to 8 bytes for a token of 2.
constexpr std::size_t kMaxUnpacked = 128U << 20;

Error Corrupt(std::string_view why) { return Error::Hidden(ErrorCode::kCorrupt, fmt::format("columns: {}", why)); }

struct Shape {
    std::string text;   ///< the message with kTokenMark for each token
    std::size_t count = 0;
    std::vector<std::vector<std::string_view>> columns;
};

/// Cuts messages and gathers those of one shape.
class ShapeFinder {
  public:
    void Add(std::string_view message) {
        Cut(message);
        const auto known = numbers_.find(text_);
        if (tokens_.size() > kMaxTokens || (known == numbers_.end() && shapes_.size() == kMaxShapes)) {
            shape_of_.push_back(kNone);
            return;
        }
        const std::size_t number = known != numbers_.end() ? known->second : shapes_.size();
        if (known == numbers_.end()) {
            numbers_.emplace(text_, number);
            shapes_.push_back({text_, 0, std::vector<std::vector<std::string_view>>(tokens_.size())});
        }
        Shape& shape = shapes_[number];
        ++shape.count;
        for (std::size_t i = 0; i < tokens_.size(); ++i) shape.columns[i].push_back(tokens_[i]);
        shape_of_.push_back(number);
    }

    const std::vector<Shape>& shapes() const { return shapes_; }
    /// The shape of a message; none when it is to be written whole.
    std::optional<std::size_t> ShapeOf(std::size_t message) const {
        const std::size_t number = shape_of_[message];
        return number != kNone && IsKept(number) ? std::optional(number) : std::nullopt;
    }
    bool IsKept(std::size_t shape) const { return shapes_[shape].count >= least_count_; }
    /// From now on every message is to be written whole.
    void KeepNone() { least_count_ = kNone; }

  private:
    static constexpr std::size_t kNone = ~std::size_t{0};

    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return HashOf(text, HashSeed()); }
    };

    void Cut(std::string_view message) {
        text_.clear();
        tokens_.clear();
        std::size_t at = 0;
        while (at < message.size()) {
            const bool is_token = IsTokenByte(message[at]);
            const std::size_t end = EndOfRun(message, at, is_token);
            if (is_token) {
                text_ += kTokenMark;
                tokens_.push_back(message.substr(at, end - at));
            } else {
                text_.append(message.substr(at, end - at));
            }
            at = end;
        }
    }

    std::size_t least_count_ = kMinMessages;
    std::string text_;                       ///< of the message being cut
    std::vector<std::string_view> tokens_;
    std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> numbers_;
    std::vector<Shape> shapes_;
    std::vector<std::size_t> shape_of_;
};

void AppendText(std::string& bytes, std::string_view text) {
    AppendVarint(bytes, text.size());
    bytes.append(text);
}

/// What stands in a message of one shape, in its order: literals, with the constant columns in them, and columns.
class ShapeReader {
  public:
    static Result<ShapeReader> Read(std::string_view text, std::string_view& heads, std::span<std::string>& strings, std::size_t count) {
        ShapeReader shape;
        std::string literal;
        for (const char c : text) {
            if (c != kTokenMark) {
                if (IsTokenByte(c)) return Corrupt("a shape holds a token");
                literal += c;
                continue;
            }
            OPS_TRY(Column column, Column::Read(heads, strings, count));
            if (column.constant() != nullptr) {
                literal += *column.constant();
            } else {
                shape.parts_.push_back({std::move(literal), std::move(column)});
                literal.clear();
            }
        }
        shape.last_literal_ = std::move(literal);
        return shape;
    }

    void AppendNext(ByteSink& out) {
        for (Part& part : parts_) {
            out.Append(part.literal);
            part.column.AppendNext(out);
        }
        out.Append(last_literal_);
    }

  private:
    struct Part {
        std::string literal;
        Column column;
    };

    std::vector<Part> parts_;
    std::string last_literal_;
};

/// Messages that were written whole.
class WholeMessages {
  public:
    WholeMessages(std::string_view lengths, std::string_view bytes) : lengths_(lengths), bytes_(bytes) {}

    Result<void> AppendNext(ByteSink& out) {
        const auto length = TakeVarint(lengths_);
        if (!length || *length > bytes_.size()) return Corrupt("the whole messages end early");
        out.Append(bytes_.substr(0, *length));
        bytes_.remove_prefix(*length);
        return Ok();
    }
    bool is_at_end() const { return lengths_.empty() && bytes_.empty(); }

  private:
    std::string_view lengths_;
    std::string_view bytes_;
};

Result<std::vector<std::uint64_t>> ReadOrder(std::string_view order, std::uint32_t count) {
    std::vector<std::uint64_t> numbers;
    numbers.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto number = TakeVarint(order);
        if (!number) return Corrupt("the order ends early");
        numbers.push_back(*number);
    }
    if (!order.empty()) return Corrupt("the order has more messages than it should");
    return numbers;
}

Result<std::vector<std::string_view>> ReadShapeTexts(std::string_view bytes) {
    const auto count = TakeVarint(bytes);
    if (!count || *count > kMaxShapes) return Corrupt("the number of shapes is out of bounds");
    std::vector<std::string_view> texts;
    for (std::uint64_t i = 0; i < *count; ++i) {
        const auto length = TakeVarint(bytes);
        if (!length || *length > bytes.size()) return Corrupt("the shapes end early");
        texts.push_back(bytes.substr(0, *length));
        bytes.remove_prefix(*length);
    }
    if (!bytes.empty()) return Corrupt("something follows the shapes");
    return texts;
}

/// A shape stands for at least as many bytes of each of its messages: what promises more than there are is refused before its columns take any memory.
Result<void> CheckShapes(std::span<const std::string_view> texts, std::span<const std::size_t> counts, std::uint32_t bytes) {
    std::uint64_t least = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (counts[i] == 0) return Corrupt("a shape has no message");
        if (static_cast<std::size_t>(std::ranges::count(texts[i], kTokenMark)) > kMaxTokens) return Corrupt("a shape has more tokens than it may");
        if (texts[i].find("aa") != std::string_view::npos) return Corrupt("a shape has two tokens without a delimiter");
        least += std::uint64_t{counts[i]} * texts[i].size();
    }
    if (least > bytes) return Corrupt("the shapes are longer than the messages");
    return Ok();
}

/// The strings of the pack that stand before those of the columns.
enum Leading : std::size_t { kShapes, kOrder, kWholeLengths, kWholeBytes, kHeads, kLeadingStrings };

/// With the shapes that `finder` found in these messages.
std::string WriteWith(const ShapeFinder& finder, std::span<const std::string_view> messages, int level, const OnToken& on_token) {
    std::array<std::string, kLeadingStrings> leading;
    std::vector<std::uint64_t> number_of(finder.shapes().size(), 0);
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < finder.shapes().size(); ++i) {
        if (!finder.IsKept(i)) continue;
        kept.push_back(i);
        number_of[i] = kept.size();
    }
    AppendVarint(leading[kShapes], kept.size());
    for (const std::size_t shape : kept) AppendText(leading[kShapes], finder.shapes()[shape].text);
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const auto shape = finder.ShapeOf(i);
        AppendVarint(leading[kOrder], shape ? number_of[*shape] : 0);
        if (shape) continue;
        AppendVarint(leading[kWholeLengths], messages[i].size());
        leading[kWholeBytes].append(messages[i]);
        VisitTokens(messages[i], on_token);
    }
    PackWriter columns;
    for (const std::size_t shape : kept) {
        for (const auto& column : finder.shapes()[shape].columns) WriteColumn(column, leading[kHeads], columns, on_token);
    }
    PackWriter pack;
    for (std::string& string : leading) pack.Add(std::move(string));
    pack.AddAll(std::move(columns));
    return pack.Finish(level);
}

}  // namespace

std::string WriteMessageColumns(std::span<const std::string_view> messages, PackEffort effort, const OnToken& on_token) {
    ShapeFinder finder;
    for (const std::string_view message : messages) finder.Add(message);
    std::string columns = WriteWith(finder, messages, effort.level, on_token);
    if (!effort.tries_all) return columns;
    finder.KeepNone();
    std::string whole = WriteWith(finder, messages, effort.level, [](std::string_view) {});
    return whole.size() < columns.size() ? whole : columns;
}

Result<JoinedMessages> ReadMessageColumns(std::string_view columns, std::uint32_t count, std::uint32_t bytes) {
    OPS_TRY(auto all_strings, ReadPack(columns, kMaxUnpacked));
    if (all_strings.size() < kLeadingStrings) return Corrupt("strings are missing");
    OPS_TRY(const auto texts, ReadShapeTexts(all_strings[kShapes]));
    OPS_TRY(const auto order, ReadOrder(all_strings[kOrder], count));
    std::vector<std::size_t> counts(texts.size() + 1, 0);
    for (const std::uint64_t number : order) {
        if (number > texts.size()) return Corrupt("a message is of no shape");
        ++counts[number];
    }
    OPS_CHECK(CheckShapes(texts, std::span(counts).subspan(1), bytes));
    WholeMessages whole(all_strings[kWholeLengths], all_strings[kWholeBytes]);
    std::string_view heads = all_strings[kHeads];
    auto strings = std::span(all_strings).subspan(kLeadingStrings);
    std::vector<ShapeReader> shapes;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        OPS_TRY(ShapeReader shape, ShapeReader::Read(texts[i], heads, strings, counts[i + 1]));
        shapes.push_back(std::move(shape));
    }
    if (!heads.empty() || !strings.empty()) return Corrupt("there are more columns than places");

    JoinedMessages messages;
    messages.bytes.resize(bytes);
    messages.lengths.reserve(count);
    ByteSink sink(messages.bytes.data(), bytes);
    for (const std::uint64_t number : order) {
        const std::size_t before = sink.room();
        if (number == 0) {
            OPS_CHECK(whole.AppendNext(sink));
        } else {
            shapes[number - 1].AppendNext(sink);
        }
        // Few packed bytes may stand for very many: stop as soon as it is too much.
        if (sink.is_full_up()) return Corrupt("the messages are longer than they should be");
        messages.lengths.push_back(static_cast<std::uint32_t>(before - sink.room()));
    }
    if (sink.room() != 0 || !whole.is_at_end()) return Corrupt("the messages are not what they should be");
    return messages;
}

}  // namespace opsteward::vault
