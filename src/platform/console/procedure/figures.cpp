#include "platform/console/procedure/figures.hpp"

#include <fmt/format.h>

#include <numeric>

#include "platform/console/procedure/words.hpp"
#include "platform/web/components.hpp"

namespace opsteward::console::compliance {

using html::Format;
using html::Markup;
using procedure::State;

std::int64_t StateCounts::total() const { return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0}); }

Markup StateTiles(const StateCounts& counts, const StateHref& href, Language language) {
    std::vector<Markup> tiles;
    for (const State state : kAllStates) {
        tiles.push_back(web::StatTile(procedure::StateTitle(state).In(language), std::to_string(counts.Of(state)), ToneOf(state), {},
                                      href(state)));
    }
    return web::Grid(5, tiles);
}

Markup StateDonut(const StateCounts& counts, std::string_view label, const StateHref& href, Language language) {
    std::vector<std::pair<web::Tone, std::int64_t>> shares;
    std::vector<std::string> hrefs;
    for (const State state : kAllStates) {
        shares.emplace_back(ToneOf(state), counts.Of(state));
        hrefs.push_back(href(state));
    }
    return web::Donut(shares, label, language, hrefs);
}

namespace {

constexpr int kStripHeight = 24;

int HeightOf(State state) {
    switch (state) {
        case State::kNotMet: return kStripHeight;
        case State::kAttention: return 17;
        case State::kNotSetUp: return 11;
        case State::kMet: return 7;
        case State::kNotApplicable: break;
    }
    return 3;
}

}  // namespace

Markup ClauseStrip(std::span<const std::optional<State>> states, std::string_view label) {
    // One path for each state; neighbours of the same state are one bar.
    Markup paths;
    for (const State state : kAllStates) {
        std::string data;
        for (std::size_t i = 0; i < states.size();) {
            std::size_t end = i;
            while (end < states.size() && states[end] == state) ++end;
            if (end > i) data += fmt::format("M{} {}h{}v{}h-{}z", i, kStripHeight - HeightOf(state), end - i, HeightOf(state), end - i);
            i = std::max(end, i + 1);
        }
        if (!data.empty()) paths += Format(R"(<path class="{}" d="{}"/>)", web::ToneClass(ToneOf(state)), data);
    }
    return Format(R"(<svg class="ops-clause-strip" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>)",
                  std::max<std::size_t>(states.size(), 1), kStripHeight, label, paths);
}

}  // namespace opsteward::console::compliance
