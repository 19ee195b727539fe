// The parts of the page of a clause. Each gives nothing when it has nothing to show.
#pragma once

#include "html/markup.hpp"
#include "platform/console/procedure/clause_view.hpp"

namespace opsteward::console::compliance {

/// State, why and since when.
html::Markup ClauseVerdict(const web::RequestContext& context, const ClauseView& view);
/// What to do now, who does it, and the first button.
html::Markup ClauseSteps(const web::RequestContext& context, const ClauseView& view);
html::Markup ClauseAbout(const web::RequestContext& context, const ClauseView& view);
html::Markup ClauseFindings(const web::RequestContext& context, const ClauseView& view);
html::Markup ClauseUnits(const web::RequestContext& context, const ClauseView& view);
html::Markup ClauseDuties(const web::RequestContext& context, const ClauseView& view);
/// Strip and list of changes.
html::Markup ClauseHistory(const web::RequestContext& context, const ClauseView& view);
/// Where the finding is seen and dealt with: the facts of the device that the check looks at. Nothing when it is not about a
/// device, or the reader may not see that.
std::string FindingPath(const web::RequestContext& context, const procedure::Pack& pack, const procedure::Finding& finding);
/// The checks with their SQL: the query behind the verdict.
html::Markup ClauseChecks(const web::RequestContext& context, const ClauseView& view);
/// What somebody has entered, and why it was refused.
struct ExemptionDraft {
    std::string unit;
    std::string ends;
    std::string reason;
    std::string error;
};
/// What was asked, and the form to ask.
html::Markup ClauseExemptions(const web::RequestContext& context, const ClauseView& view, const ExemptionDraft& draft);
/// All findings of the view, for a file.
std::vector<std::vector<std::string>> FindingsCsv(const web::RequestContext& context, const ClauseView& view);

/// The worst state over the units at each change, oldest first; `changes` newest first.
std::vector<std::pair<Instant, procedure::State>> WorstOverTime(const std::vector<procedure::StateChange>& changes);

}  // namespace opsteward::console::compliance
