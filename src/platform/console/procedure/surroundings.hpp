// What the handlers of this room share: the services of the program, and what is remembered between requests.
#pragma once

#include <memory>
#include <string_view>

#include "platform/console/procedure/board_source.hpp"
#include "platform/console/procedure/duty_source.hpp"
#include "platform/console/procedure/units.hpp"
#include "platform/console/services.hpp"

namespace opsteward::console::compliance {

inline constexpr std::string_view kMayReadBoard = "board.read";
inline constexpr std::string_view kMayReadDuties = "duties.read";
inline constexpr std::string_view kMayComplete = "duties.complete";
inline constexpr std::string_view kMayRequest = "exemptions.request";
inline constexpr std::string_view kMayDecide = "exemptions.decide";
inline constexpr std::string_view kMayManage = "procedure.manage";
/// Of the module that keeps devices: their pages are linked to only for those who may open them.
inline constexpr std::string_view kMayReadDevices = "devices.read";

struct Surroundings {
    explicit Surroundings(std::shared_ptr<const Services> given)
        : services(std::move(given)),
          boards(services->procedure),
          duties(services->procedure),
          units(services->identity) {}

    procedure::Procedure& procedure() const { return services->procedure; }
    /// After a commit that changes what the board says: it is judged anew, and open pages renew themselves.
    void Changed() {
        duties.Forget();
        if (services->wake_jobs) services->wake_jobs();
        services->events.Publish(kBoardChannel, kBoardChannel, "changed");
    }

    std::shared_ptr<const Services> services;
    BoardSource boards;
    DutySource duties;
    UnitSource units;
    Fragments fragments;
};

/// Handlers keep one of these.
using SharedSurroundings = std::shared_ptr<Surroundings>;

}  // namespace opsteward::console::compliance
