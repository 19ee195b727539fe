#include "cli/logs/space_line.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace opsteward::cli {

namespace {

Phrase StateLine(vault::SpaceState state) {
    switch (state) {
        case vault::SpaceState::kEnough: break;
        case vault::SpaceState::kLow: return {"磁碟空間不足：可用 {}，低於警戒值 {}；請清出空間。", "The disk is getting full: {} free, less than {}; make room."};
        case vault::SpaceState::kFull:
            return {"磁碟已滿：可用 {}，低於警戒值 {}；新的紀錄會被拒收，已保存的不受影響。請清出空間。",
                    "The disk is full: {} free, less than {}; new records are refused, those that were kept are safe. Make room."};
    }
    return {"磁碟可用 {}（低於 {} 時示警）。", "{} free on the disk (a warning comes below {})."};
}

}  // namespace

std::string SpaceLine(const vault::Space& space, Language language) {
    const Phrase reserved = space.reserved == 0 ? Phrase{"未能保留簽署用的空間。\n", " Nothing is reserved for sealing.\n"}
                                                : Phrase{"另為簽署保留 {}。\n", " {} more are reserved for sealing.\n"};
    return fmt::format(fmt::runtime(StateLine(vault::Judge(space)).In(language)), FormatBytes(space.free), FormatBytes(vault::LowBelow(space))) +
           fmt::format(fmt::runtime(reserved.In(language)), FormatBytes(space.reserved));
}

}  // namespace opsteward::cli
