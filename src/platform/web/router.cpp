#include "platform/web/router.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace opsteward::web {

namespace {

bool IsPlaceholder(std::string_view segment) { return segment.starts_with('{'); }

bool IsWellFormed(std::string_view segment) {
    constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789_";
    if (!IsPlaceholder(segment)) return !segment.empty() && segment.find_first_of("{}") == std::string_view::npos;
    return segment.size() > 2 && segment.ends_with('}') &&
           segment.substr(1, segment.size() - 2).find_first_not_of(kNameCharacters) == std::string_view::npos;
}

/// "/a/b" → a, b; "/" → nothing; "/a/" → a and an empty one, which no pattern has.
std::vector<std::string_view> Segments(std::string_view path) {
    if (path.size() <= 1) return {};
    return Split(path.substr(1), '/');
}

}  // namespace

Router::Router() : nodes_(1) {}

std::size_t Router::Descend(std::size_t node, std::string_view segment, bool is_placeholder) {
    if (is_placeholder && nodes_[node].placeholder != 0) return nodes_[node].placeholder;
    if (!is_placeholder) {
        const auto found = nodes_[node].literals.find(segment);
        if (found != nodes_[node].literals.end()) return found->second;
    }
    const std::size_t child = nodes_.size();
    nodes_.emplace_back();
    if (is_placeholder) {
        nodes_[node].placeholder = child;
    } else {
        nodes_[node].literals.emplace(segment, child);
    }
    return child;
}

Result<void> Router::Add(net::Method method, std::string_view pattern, std::size_t index) {
    const auto segments = Segments(pattern);
    if (!pattern.starts_with('/') || !std::ranges::all_of(segments, IsWellFormed)) {
        return Error::Hidden(ErrorCode::kInternal, fmt::format("the route {} is not well formed", pattern));
    }
    Target target{index, {}};
    std::size_t node = 0;
    for (const std::string_view segment : segments) {
        const bool is_placeholder = IsPlaceholder(segment);
        if (is_placeholder) {
            const std::string name(segment.substr(1, segment.size() - 2));
            if (std::ranges::find(target.names, name) != target.names.end()) {
                return Error::Hidden(ErrorCode::kInternal, fmt::format("the route {} names {} twice", pattern, name));
            }
            target.names.push_back(name);
        }
        node = Descend(node, segment, is_placeholder);
    }
    if (!nodes_[node].targets.emplace(method, std::move(target)).second) {
        return Error::Hidden(ErrorCode::kInternal,
                             fmt::format("the route {} {} is there twice", net::MethodName(method), pattern));
    }
    return Ok();
}

const Router::Target* Router::FindTarget(std::size_t node, std::size_t depth, Search& search) const {
    const Node& here = nodes_[node];
    if (depth == search.segments.size()) {
        const auto found = here.targets.find(search.method);
        if (found != here.targets.end()) return &found->second;
        for (const auto& [method, target] : here.targets) search.other_methods.push_back(method);
        return nullptr;
    }
    const std::string_view segment = search.segments[depth];
    if (const auto literal = here.literals.find(segment); literal != here.literals.end()) {
        if (const Target* found = FindTarget(literal->second, depth + 1, search)) return found;
    }
    if (here.placeholder == 0 || segment.empty()) return nullptr;
    search.captured.push_back(segment);
    if (const Target* found = FindTarget(here.placeholder, depth + 1, search)) return found;
    search.captured.pop_back();
    return nullptr;
}

RouteMatch Router::Find(net::Method method, std::string_view path) const {
    const auto segments = Segments(path);
    Search search{method == net::Method::kHead ? net::Method::kGet : method, segments};
    RouteMatch match;
    if (const Target* target = FindTarget(0, 0, search)) {
        match.outcome = RouteMatch::Outcome::kFound;
        match.index = target->index;
        for (std::size_t i = 0; i < target->names.size(); ++i) {
            match.parameters.emplace(target->names[i], search.captured[i]);
        }
        return match;
    }
    if (search.other_methods.empty()) return match;
    match.outcome = RouteMatch::Outcome::kOtherMethodsOnly;
    match.allowed = std::move(search.other_methods);
    if (std::ranges::find(match.allowed, net::Method::kGet) != match.allowed.end()) {
        match.allowed.push_back(net::Method::kHead);
    }
    std::ranges::sort(match.allowed);
    const auto repeated = std::ranges::unique(match.allowed);
    match.allowed.erase(repeated.begin(), repeated.end());
    return match;
}

}  // namespace opsteward::web
