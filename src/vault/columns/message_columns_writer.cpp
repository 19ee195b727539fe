#include "vault/columns/message_columns_writer.hpp"

#include <array>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <vector>

#include "vault/columns/distinct.hpp"
#include "vault/columns/message_layout.hpp"
#include "vault/columns/pack.hpp"
#include "vault/columns/tokens.hpp"
#include "vault/store/varint.hpp"

namespace opsteward::vault {

namespace {

/// Fewer messages of a shape are written whole: their columns would hold too little to be worth their heads.
constexpr std::size_t kMinMessages = 4;

struct Shape {
    std::string text;   ///< CutText::shape of its messages
    std::size_t count = 0;
    std::vector<std::vector<std::string_view>> columns;
};

/// Cuts messages and gathers those of one shape.
class ShapeFinder {
  public:
    /// A message that is to be written whole.
    void AddWhole() { shape_of_.push_back(kNone); }
    void Add(std::string_view message) {
        cut_.Cut(message);
        const auto known = numbers_.find(cut_.shape);
        if (cut_.tokens.size() > kMaxTokens || (known == numbers_.end() && shapes_.size() == kMaxShapes)) {
            return AddWhole();
        }
        const std::size_t number = known != numbers_.end() ? known->second : shapes_.size();
        if (known == numbers_.end()) {
            numbers_.emplace(cut_.shape, number);
            shapes_.push_back({cut_.shape, 0, std::vector<std::vector<std::string_view>>(cut_.tokens.size())});
        }
        Shape& shape = shapes_[number];
        ++shape.count;
        for (std::size_t i = 0; i < cut_.tokens.size(); ++i) shape.columns[i].push_back(cut_.tokens[i]);
        shape_of_.push_back(number);
    }

    const std::vector<Shape>& shapes() const { return shapes_; }
    /// The shape of a message; none when it is to be written whole.
    std::optional<std::size_t> ShapeOf(std::size_t message) const {
        const std::size_t number = shape_of_[message];
        return number != kNone && IsKept(number) ? std::optional(number) : std::nullopt;
    }
    bool IsKept(std::size_t shape) const { return shapes_[shape].count >= kMinMessages; }

  private:
    static constexpr std::size_t kNone = ~std::size_t{0};

    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return HashOf(text, HashSeed()); }
    };

    CutText cut_;  ///< the message being looked at
    std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> numbers_;
    std::vector<Shape> shapes_;
    std::vector<std::size_t> shape_of_;
};

void AppendText(std::string& bytes, std::string_view text) {
    AppendVarint(bytes, text.size());
    bytes.append(text);
}

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

/// So many bytes of messages show how they are best written.
constexpr std::size_t kSampleBytes = 256U << 10;
/// Of no more than these it costs little to try everything.
constexpr std::size_t kFewBytes = 512U << 10;
constexpr int kBestLevel = 19;

std::size_t BytesOf(std::span<const std::string_view> messages) {
    return std::accumulate(messages.begin(), messages.end(), std::size_t{0}, [](std::size_t sum, std::string_view message) { return sum + message.size(); });
}

std::span<const std::string_view> SampleOf(std::span<const std::string_view> messages) {
    std::size_t count = 0;
    for (std::size_t bytes = 0; count < messages.size() && bytes < kSampleBytes; ++count) bytes += messages[count].size();
    return messages.first(count);
}

std::string WriteCut(std::span<const std::string_view> messages, int level, const OnToken& on_token) {
    ShapeFinder finder;
    for (const std::string_view message : messages) finder.Add(message);
    return WriteWith(finder, messages, level, on_token);
}

std::string WriteWhole(std::span<const std::string_view> messages, int level, const OnToken& on_token) {
    ShapeFinder finder;
    for (std::size_t i = 0; i < messages.size(); ++i) finder.AddWhole();
    return WriteWith(finder, messages, level, on_token);
}

std::string WriteSmaller(std::span<const std::string_view> messages, int level, const OnToken& on_token) {
    std::string cut = WriteCut(messages, level, on_token);
    std::string whole = WriteWhole(messages, level, [](std::string_view) {});
    return whole.size() < cut.size() ? whole : cut;
}

/// Columns gain by length: the sample has to say it clearly.
bool IsBetterWhole(std::span<const std::string_view> sample, int level) {
    const auto ignore = [](std::string_view) {};
    return 8 * WriteWhole(sample, level, ignore).size() < 7 * WriteCut(sample, level, ignore).size();
}

std::string WriteBySample(std::span<const std::string_view> messages, int level, const OnToken& on_token) {
    if (BytesOf(messages) <= kFewBytes) return WriteSmaller(messages, kBestLevel, on_token);
    return IsBetterWhole(SampleOf(messages), level) ? WriteWhole(messages, level, on_token) : WriteCut(messages, level, on_token);
}

}  // namespace

std::string WriteMessageColumns(std::span<const std::string_view> messages, PackEffort effort, const OnToken& on_token) {
    switch (effort.cutting) {
        case Cutting::kAlways: break;
        case Cutting::kBySample: return WriteBySample(messages, effort.level, on_token);
        case Cutting::kIfSmaller: return WriteSmaller(messages, effort.level, on_token);
    }
    return WriteCut(messages, effort.level, on_token);
}

}  // namespace opsteward::vault
