#include "verifier/pack.hpp"

#include <algorithm>
#include <optional>

#include "verifier/fault.hpp"
#include "verifier/steps.hpp"

namespace opsteward::verifier {

namespace {

/// Strings of so many bytes are compressed by themselves.
constexpr std::uint64_t kLong = 192;

Malformed EndsEarly() { return Malformed(Say("區塊的欄位提早結束，或數字不是最短寫法。", "the block's columns end early, or a number is not in its shortest form.")); }

template <class T>
T Require(const std::optional<T>& value) {
    if (!value) throw EndsEarly();
    return *value;
}

void Unpack(Unpacker& unpacker, std::string_view packed, std::span<char> out) {
    if (packed.size() == out.size()) {
        std::ranges::copy(packed, out.begin());
    } else {
        unpacker.Unpack(packed, out);
    }
}

}  // namespace

void Pack::Open(std::string_view bytes) {
    packed_ = Cursor(bytes);
    const std::uint64_t sizes_size = Require(packed_.Varint());
    const std::uint64_t sizes_packed = Require(packed_.Varint());
    const std::uint64_t joint_size = Require(packed_.Varint());
    const std::uint64_t joint_packed = Require(packed_.Varint());
    sizes_ = Cursor(TakePacked(size_buffer_, sizes_size, sizes_packed));
    joint_ = Cursor(TakePacked(joint_buffer_, joint_size, joint_packed));
    left_ = Require(sizes_.Varint());
    const std::uint64_t long_size = CheckSizes(sizes_, joint_size);
    if (long_buffer_.size() < long_size + kStep) long_buffer_.resize(long_size + kStep);
    long_end_ = 0;
}

std::string_view Pack::TakePacked(std::string& buffer, std::uint64_t size, std::uint64_t packed_size) {
    if (size > kMaxUnpacked || packed_size > size) {
        throw Malformed(Say("區塊的欄位解壓縮後過大。", "the block's columns are too large when unpacked."));
    }
    const std::string_view packed = Require(packed_.Take(packed_size));
    if (buffer.size() < size + kStep) buffer.resize(size + kStep);
    const std::span<char> out = std::span(buffer).first(size);
    Unpack(unpacker_, packed, out);
    return {out.data(), out.size()};
}

/// Returns the size of all long strings, unpacked.
std::uint64_t Pack::CheckSizes(Cursor sizes, std::uint64_t joint_size) const {
    std::uint64_t short_size = 0;
    std::uint64_t long_size = 0;
    std::uint64_t packed_size = 0;
    for (std::uint64_t i = 0; i < left_; ++i) {
        const std::uint64_t size = Require(sizes.Varint());
        if (size < kLong) {
            short_size += size;
            continue;
        }
        const std::uint64_t packed = Require(sizes.Varint());
        if (size > kMaxUnpacked - long_size || packed > size) {
            throw Malformed(Say("區塊的欄位解壓縮後過大。", "the block's columns are too large when unpacked."));
        }
        long_size += size;
        packed_size += packed;
    }
    if (!sizes.rest().empty() || short_size != joint_size || packed_size != packed_.rest().size()) {
        throw Malformed(Say("區塊的欄位長度不符。", "the sizes of the block's columns do not fit."));
    }
    return long_size;
}

std::string_view Pack::Next() {
    if (left_ == 0) throw Malformed(Say("區塊缺少欄位。", "a column of the block is missing."));
    --left_;
    const std::uint64_t size = Require(sizes_.Varint());
    if (size < kLong) return Require(joint_.Take(size));
    const std::string_view packed = Require(packed_.Take(Require(sizes_.Varint())));
    const std::span<char> out = std::span(long_buffer_).subspan(long_end_, size);
    Unpack(unpacker_, packed, out);
    long_end_ += size;
    return {out.data(), out.size()};
}

}  // namespace opsteward::verifier
