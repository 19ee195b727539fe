#include "platform/web/tone.hpp"

#include <cstddef>

namespace opsteward::web {

namespace {

struct ToneEntry {
    std::string_view class_name;
    Phrase title;
    std::string_view icon;
};

constexpr ToneEntry kTones[] = {
    {"ops-tone-met", {"符合", "Met"}, "circle-check"},
    {"ops-tone-attention", {"注意", "Attention"}, "alert-triangle"},
    {"ops-tone-not-met", {"不符合", "Not met"}, "circle-x"},
    {"ops-tone-not-set-up", {"尚未設定", "Not set up"}, "circle-dashed"},
    {"ops-tone-not-applicable", {"不適用", "Not applicable"}, "circle-minus"},
    {"ops-tone-neutral", {"一般", "Neutral"}, "circle-dot"},
    {"ops-tone-info", {"資訊", "Information"}, "info-circle"},
};

const ToneEntry& EntryOf(Tone tone) { return kTones[static_cast<std::size_t>(tone)]; }

}  // namespace

std::string_view ToneClass(Tone tone) { return EntryOf(tone).class_name; }

Phrase ToneTitle(Tone tone) { return EntryOf(tone).title; }

std::string_view ToneIcon(Tone tone) { return EntryOf(tone).icon; }

}  // namespace opsteward::web
