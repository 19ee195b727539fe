#include "vault/columns/number_list.hpp"

#include <algorithm>
#include <bit>

#include "vault/columns/planes.hpp"

namespace opsteward::vault {

namespace {

/// Calls `use` with a number type of at least `width` bytes.
template <typename Use>
void WithType(unsigned width, const Use& use) {
    switch (std::bit_ceil(width)) {
        case 1: return use(std::uint8_t{});
        case 2: return use(std::uint16_t{});
        case 4: return use(std::uint32_t{});
        default: return use(std::uint64_t{});
    }
}

/// What `value(i)` gives for each i below `count`.
template <typename Number, typename Value>
std::string BytesOf(std::size_t count, const Value& value) {
    std::string bytes(count * sizeof(Number), '\0');
    for (std::size_t i = 0; i < count; ++i) {
        const auto number = static_cast<Number>(value(i));
        std::memcpy(bytes.data() + i * sizeof(Number), &number, sizeof(Number));
    }
    return bytes;
}

}  // namespace

Result<NumberList> NumberList::FromPlanes(std::span<const PackedString> planes, std::size_t count, std::uint64_t base) {
    NumberList list;
    list.count_ = count;
    list.base_ = base;
    for (const PackedString& packed : planes) {
        if (packed.size() != count) return Error::Hidden(ErrorCode::kCorrupt, "columns: a plane has another number of values");
    }
    if (planes.empty()) return list;
    list.width_ = std::bit_ceil(static_cast<unsigned>(planes.size()));
    OPS_TRY(list.bytes_, planes[0].Unpack());
    for (std::size_t done = 1; done < planes.size(); ++done) {
        OPS_TRY(const std::string plane, planes[done].Unpack());
        // So far each number has its `done` higher bytes; now it has one more, in a wider place where it needs one.
        WithType(static_cast<unsigned>(done), [&](auto narrow) {
            WithType(static_cast<unsigned>(done) + 1, [&](auto wide) {
                list.bytes_ = BytesOf<decltype(wide)>(count, [&](std::size_t i) {
                    decltype(narrow) number;
                    std::memcpy(&number, list.bytes_.data() + i * sizeof(number), sizeof(number));
                    return std::uint64_t{number} << 8 | static_cast<unsigned char>(plane[i]);
                });
            });
        });
    }
    return list;
}

NumberList NumberList::From(std::span<const std::uint64_t> numbers) {
    const auto [least, most] = std::ranges::minmax(numbers);
    NumberList list;
    list.count_ = numbers.size();
    list.base_ = least;
    const unsigned width = WidthOf(most - least);
    if (width == 0) return list;
    list.width_ = std::bit_ceil(width);
    WithType(width, [&, base = least](auto type) {
        list.bytes_ = BytesOf<decltype(type)>(numbers.size(), [&](std::size_t i) { return numbers[i] - base; });
    });
    return list;
}

}  // namespace opsteward::vault
