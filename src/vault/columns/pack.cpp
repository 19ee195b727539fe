#include "vault/columns/pack.hpp"

#include <fmt/format.h>

#include "vault/store/compression.hpp"
#include "vault/store/varint.hpp"

namespace opsteward::vault {

namespace {

/// Shorter strings are compressed together: a frame of their own would be longer than they are.
constexpr std::size_t kOwnFrame = 192;
/// What is known of a string is larger than its length in the pack, of which zstd makes nearly nothing. The columns of the fullest block are about half as many.
constexpr std::size_t kMaxStrings = 8U << 20;

Error Corrupt(std::string_view why) { return Error::Hidden(ErrorCode::kCorrupt, fmt::format("pack: {}", why)); }

/// As a zstd frame, or as it is where that is no longer.
void AppendPacked(std::string& sizes, std::string& data, std::string_view string, int level) {
    std::string packed = Compress(string, level);
    const bool is_smaller = packed.size() < string.size();
    AppendVarint(sizes, is_smaller ? packed.size() : string.size());
    data += is_smaller ? std::string_view(packed) : string;
}

Result<std::size_t> TakeSize(std::string_view& bytes) {
    const auto size = TakeVarint(bytes);
    if (!size) return Corrupt("it ends within a number");
    return static_cast<std::size_t>(*size);
}

/// Takes strings off the pack's bytes.
class StringTaker {
  public:
    StringTaker(std::string_view bytes, std::size_t max_bytes) : rest_(bytes), room_(max_bytes) {}

    /// One of `size` bytes that takes `packed_size` here.
    Result<PackedString> Take(std::size_t size, std::size_t packed_size) {
        if (packed_size > rest_.size()) return Corrupt("it ends within a string");
        if (packed_size > size) return Corrupt("a string is longer packed than unpacked");
        if (size > room_) return Corrupt("it holds more than it may");
        room_ -= size;
        const PackedString string(rest_.substr(0, packed_size), size);
        rest_.remove_prefix(packed_size);
        return string;
    }
    bool is_at_end() const { return rest_.empty(); }

  private:
    std::string_view rest_;
    std::size_t room_;
};

}  // namespace

std::string PackWriter::Finish(int level) const {
    std::string sizes;
    std::string joint;
    std::string data;
    AppendVarint(sizes, strings_.size());
    for (const std::string& string : strings_) {
        AppendVarint(sizes, string.size());
        if (string.size() < kOwnFrame) {
            joint += string;
        } else {
            AppendPacked(sizes, data, string, level);
        }
    }
    std::string pack;
    std::string heads;
    AppendVarint(pack, sizes.size());
    AppendPacked(pack, heads, sizes, level);
    AppendVarint(pack, joint.size());
    AppendPacked(pack, heads, joint, level);
    return pack + heads + data;
}

Result<std::string> PackedString::Unpack() const {
    if (packed_.size() == size_) return std::string(packed_);
    return Decompress(packed_, size_);
}

Result<Pack> Pack::Open(std::string_view bytes, std::size_t max_bytes) {
    OPS_TRY(const std::size_t sizes_size, TakeSize(bytes));
    OPS_TRY(const std::size_t sizes_packed, TakeSize(bytes));
    OPS_TRY(const std::size_t joint_size, TakeSize(bytes));
    OPS_TRY(const std::size_t joint_packed, TakeSize(bytes));
    StringTaker taker(bytes, max_bytes);
    OPS_TRY(const PackedString packed_sizes, taker.Take(sizes_size, sizes_packed));
    OPS_TRY(const PackedString packed_joint, taker.Take(joint_size, joint_packed));
    OPS_TRY(const std::string sizes, packed_sizes.Unpack());
    OPS_TRY(std::string joint, packed_joint.Unpack());
    Pack pack;
    pack.joint_ = std::make_unique<const std::string>(std::move(joint));
    std::string_view numbers = sizes;
    std::string_view joint_rest = *pack.joint_;
    OPS_TRY(const std::size_t count, TakeSize(numbers));
    if (count > numbers.size()) return Corrupt("it has fewer strings than it says");
    if (count > kMaxStrings) return Corrupt("it has more strings than it may");
    pack.strings_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        OPS_TRY(const std::size_t size, TakeSize(numbers));
        if (size < kOwnFrame) {
            if (size > joint_rest.size()) return Corrupt("its short strings end early");
            pack.strings_.emplace_back(joint_rest.substr(0, size), size);
            joint_rest.remove_prefix(size);
        } else {
            OPS_TRY(const std::size_t packed_size, TakeSize(numbers));
            OPS_TRY(const PackedString string, taker.Take(size, packed_size));
            pack.strings_.push_back(string);
        }
    }
    if (!numbers.empty() || !joint_rest.empty() || !taker.is_at_end()) return Corrupt("something is left over");
    return pack;
}

}  // namespace opsteward::vault
