// Finds the route of a request, segment by segment, without regard to what a route does.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "net/http_message.hpp"

namespace opsteward::web {

using PathParameters = std::map<std::string, std::string, std::less<>>;

struct RouteMatch {
    enum class Outcome { kFound, kNoSuchPath, kOtherMethodsOnly };
    Outcome outcome = Outcome::kNoSuchPath;
    std::size_t index = 0;                ///< kFound: as given to Add
    PathParameters parameters = {};       ///< kFound
    std::vector<net::Method> allowed = {};  ///< kOtherMethodsOnly: in the order of net::Method, HEAD beside GET
};

/// Patterns are "/", "/devices", "/devices/{id}/facts": a placeholder stands for one whole segment that is not empty. A literal
/// segment wins over a placeholder, the earlier segment decides. GET routes answer HEAD too.
class Router {
  public:
    Router();
    /// kInternal when the pattern is malformed or method and pattern (names of placeholders apart) are taken already.
    Result<void> Add(net::Method method, std::string_view pattern, std::size_t index);
    /// `path` as in net::Request::path.
    RouteMatch Find(net::Method method, std::string_view path) const;

  private:
    struct Target {
        std::size_t index = 0;
        std::vector<std::string> names;  ///< of the placeholders, from left to right
    };
    struct Node {
        std::map<std::string, std::size_t, std::less<>> literals;  ///< segment → node
        std::size_t placeholder = 0;                               ///< node, 0: none (the root is nobody's child)
        std::map<net::Method, Target> targets;
    };
    struct Search {
        net::Method method;
        const std::vector<std::string_view>& segments;
        std::vector<std::string_view> captured = {};
        std::vector<net::Method> other_methods = {};
    };
    const Target* FindTarget(std::size_t node, std::size_t depth, Search& search) const;
    std::size_t Descend(std::size_t node, std::string_view segment, bool is_placeholder);

    std::vector<Node> nodes_;
};

}  // namespace opsteward::web
