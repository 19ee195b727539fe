// What an observer saw of a device at one time.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/language.hpp"
#include "db/value.hpp"

namespace opsteward::inventory {

struct TopicObservation {
    std::string_view topic;
    /// Why it could not be observed; then `rows` means nothing and what was known stays as it was.
    std::optional<Text> not_observed;
    /// Values in the order of the topic's columns; NULL where that one could not be read. Every row there is: what is absent is gone.
    std::vector<db::Row> rows;
};

struct Observation {
    Instant at;
    std::vector<TopicObservation> topics;
};

}  // namespace opsteward::inventory
