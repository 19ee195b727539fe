// Topics: what is known of a device, as tables. One declaration per topic; storing, comparing, showing and the fact views follow
// from it (docs/formats/fact-views.md is the contract with checks).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/language.hpp"

namespace opsteward::inventory {

enum class ColumnType { kText, kInteger, kReal, kBoolean, kInstant };
enum class ColumnUse {
    kKey,       ///< tells the rows of a device apart
    kValue,     ///< a change is worth remembering
    kMeasured,  ///< changes all the time; only the latest is kept, no history
};

struct Column {
    std::string_view name;  ///< as in the fact view
    ColumnType type;
    ColumnUse use;
    Phrase title;
};

/// How rows of a topic can be approved by the administrator, one device at a time.
enum class Approval { kNone, kListener, kAccount, kSoftware };

struct Topic {
    std::string_view name;  ///< "listening_sockets": the fact view's name and the key in fact_coverage
    Phrase title;
    std::vector<Column> columns;
    Approval approval = Approval::kNone;
    /// False where rows come and go by the minute: the latest are kept, their coming and going is not.
    bool has_history = true;
};

/// In the order shown on a device's page.
std::span<const Topic> AllTopics();
const Topic* FindTopic(std::string_view name);

}  // namespace opsteward::inventory
