#include "vault/columns/pack.hpp"

#include <fmt/format.h>

#include "vault/store/compression.hpp"
#include "vault/store/varint.hpp"

namespace opsteward::vault {

namespace {

/// Shorter strings are compressed together: a frame of their own would be longer than they are.
constexpr std::size_t kOwnFrame = 192;
/// A string in memory is larger than its length in the pack, of which zstd makes nearly nothing. The columns of the fullest block are about half as many.
constexpr std::size_t kMaxStrings = 8U << 20;

Error Corrupt(std::string_view why) { return Error::Hidden(ErrorCode::kCorrupt, fmt::format("pack: {}", why)); }

/// As a zstd frame, or as it is where that is no longer.
void AppendPacked(std::string& sizes, std::string& data, std::string_view string, int level) {
    std::string packed = Compress(string, level);
    const bool is_smaller = packed.size() < string.size();
    AppendVarint(sizes, is_smaller ? packed.size() : string.size());
    data += is_smaller ? std::string_view(packed) : string;
}

Result<std::string> Unpack(std::string_view packed, std::size_t size) {
    if (packed.size() > size) return Corrupt("a string is longer packed than unpacked");
    if (packed.size() == size) return std::string(packed);
    return Decompress(packed, size);
}

/// Takes things off the pack's bytes.
class PackReader {
  public:
    explicit PackReader(std::string_view bytes, std::size_t max_bytes) : rest_(bytes), room_(max_bytes) {}

    Result<std::size_t> Size() { return Number(rest_); }
    /// A string of `size` bytes that takes `packed_size` here.
    Result<std::string> String(std::size_t size, std::size_t packed_size) {
        if (packed_size > rest_.size()) return Corrupt("it ends within a string");
        if (size > room_) return Corrupt("it holds more than it may");
        room_ -= size;
        const std::string_view packed = rest_.substr(0, packed_size);
        rest_.remove_prefix(packed_size);
        return Unpack(packed, size);
    }
    bool is_at_end() const { return rest_.empty(); }

    static Result<std::size_t> Number(std::string_view& bytes) {
        const auto number = TakeVarint(bytes);
        if (!number) return Corrupt("it ends within a number");
        return static_cast<std::size_t>(*number);
    }

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

Result<std::vector<std::string>> ReadPack(std::string_view bytes, std::size_t max_bytes) {
    PackReader pack(bytes, max_bytes);
    OPS_TRY(const std::size_t sizes_size, pack.Size());
    OPS_TRY(const std::size_t sizes_packed, pack.Size());
    OPS_TRY(const std::size_t joint_size, pack.Size());
    OPS_TRY(const std::size_t joint_packed, pack.Size());
    OPS_TRY(const std::string sizes, pack.String(sizes_size, sizes_packed));
    OPS_TRY(const std::string joint, pack.String(joint_size, joint_packed));
    std::string_view numbers = sizes;
    std::string_view joint_rest = joint;
    OPS_TRY(const std::size_t count, PackReader::Number(numbers));
    if (count > numbers.size()) return Corrupt("it has fewer strings than it says");
    if (count > kMaxStrings) return Corrupt("it has more strings than it may");
    std::vector<std::string> strings;
    strings.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        OPS_TRY(const std::size_t size, PackReader::Number(numbers));
        if (size < kOwnFrame) {
            if (size > joint_rest.size()) return Corrupt("its short strings end early");
            strings.emplace_back(joint_rest.substr(0, size));
            joint_rest.remove_prefix(size);
        } else {
            OPS_TRY(const std::size_t packed_size, PackReader::Number(numbers));
            OPS_TRY(std::string string, pack.String(size, packed_size));
            strings.push_back(std::move(string));
        }
    }
    if (!numbers.empty() || !joint_rest.empty() || !pack.is_at_end()) return Corrupt("something is left over");
    return strings;
}

}  // namespace opsteward::vault
