// The words of packs: modes, cycles and states, with their keys and titles.
#include "platform/procedure/pack.hpp"
#include "platform/procedure/procedure.hpp"

namespace opsteward::procedure {

std::string_view ModeKey(Mode mode) {
    switch (mode) {
        case Mode::kGate: return "gate";
        case Mode::kAutomatic: return "automatic";
        case Mode::kForm: return "form";
        case Mode::kDuty: return "duty";
        case Mode::kPolicy: return "policy";
        case Mode::kReference: return "reference";
    }
    return "";
}

Phrase ModeTitle(Mode mode) {
    switch (mode) {
        case Mode::kGate: return {"關卡", "Gate"};
        case Mode::kAutomatic: return {"自動判定", "Automatic"};
        case Mode::kForm: return {"表單", "Form"};
        case Mode::kDuty: return {"例行工作", "Duty"};
        case Mode::kPolicy: return {"規定", "Policy"};
        case Mode::kReference: return {"參照", "Reference"};
    }
    return {};
}

std::string_view CycleKey(Cycle cycle) {
    switch (cycle) {
        case Cycle::kOnce: return "once";
        case Cycle::kWeekly: return "weekly";
        case Cycle::kMonthly: return "monthly";
        case Cycle::kQuarterly: return "quarterly";
        case Cycle::kHalfYearly: return "half_yearly";
        case Cycle::kYearly: return "yearly";
    }
    return "";
}

Phrase CycleTitle(Cycle cycle) {
    switch (cycle) {
        case Cycle::kOnce: return {"一次", "Once"};
        case Cycle::kWeekly: return {"每週", "Weekly"};
        case Cycle::kMonthly: return {"每月", "Monthly"};
        case Cycle::kQuarterly: return {"每季", "Quarterly"};
        case Cycle::kHalfYearly: return {"每半年", "Half-yearly"};
        case Cycle::kYearly: return {"每年", "Yearly"};
    }
    return {};
}

std::string_view StateKey(State state) {
    switch (state) {
        case State::kMet: return "met";
        case State::kAttention: return "attention";
        case State::kNotMet: return "not_met";
        case State::kNotSetUp: return "not_set_up";
        case State::kNotApplicable: return "not_applicable";
    }
    return "";
}

Phrase StateTitle(State state) {
    switch (state) {
        case State::kMet: return {"符合", "Met"};
        case State::kAttention: return {"注意", "Attention"};
        case State::kNotMet: return {"不符合", "Not met"};
        case State::kNotSetUp: return {"尚未設定", "Not set up"};
        case State::kNotApplicable: return {"不適用", "Not applicable"};
    }
    return {};
}

}  // namespace opsteward::procedure
