#include "cli/vulnerabilities/title_namer.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "cli/files.hpp"

namespace opsteward::cli {

namespace {

constexpr std::size_t kMaxConfirmations = 4U << 20;

Result<vuln::NameConfirmations> ReadConfirmations(const std::filesystem::path& path) {
    if (path.empty()) return vuln::NameConfirmations();
    OPS_TRY(const std::string text, ReadWholeFile(path, kMaxConfirmations));
    return vuln::NameConfirmations::Read(text);
}

}  // namespace

Result<vuln::NameMapper> OpenNameMapper(const std::filesystem::path& confirmations) {
    OPS_TRY(auto decisions, ReadConfirmations(confirmations));
    return vuln::NameMapper::BuiltIn(std::move(decisions));
}

TitleNamer::TitleNamer(vuln::NameConfirmations confirmations) : state_(std::make_unique<State>()) {
    state_->confirmations = std::move(confirmations);
}

Result<TitleNamer> TitleNamer::Make(const std::filesystem::path& confirmations) {
    OPS_TRY(auto decisions, ReadConfirmations(confirmations));
    return TitleNamer(std::move(decisions));
}

const vuln::NameMapper& TitleNamer::Mapper() {
    // What is built in can't be wrong; were it, value() ends the command as a defect.
    std::call_once(state_->is_made, [this] { state_->mapper = vuln::NameMapper::BuiltIn(std::move(state_->confirmations)).value(); });
    return *state_->mapper;
}

vuln::TitleNames TitleNamer::NamesOf(const vuln::Package& package) {
    const vuln::NameAnswer answer = Mapper().Map({std::string(package.name), std::string(package.publisher), std::string(package.version)});
    vuln::TitleNames names;
    if (const auto* choice = std::get_if<vuln::NameChoice>(&answer)) {
        names.names.push_back(choice->name);
        names.names.insert(names.names.end(), choice->also.begin(), choice->also.end());
        names.confidence = static_cast<std::uint8_t>(std::clamp(choice->confidence, 0, 100));
        names.is_decided = true;
    } else {
        names.is_decided = std::get<vuln::Withheld>(answer).evidence != vuln::Evidence::kNothing;
    }
    return names;
}

}  // namespace opsteward::cli
