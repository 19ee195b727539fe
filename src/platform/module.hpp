// What a module brings to the program. main.cpp collects them by explicit calls; nothing registers itself.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/migration.hpp"
#include "db/view.hpp"
#include "platform/identity/permission.hpp"
#include "platform/jobs/scheduler.hpp"
#include "platform/web/page.hpp"
#include "platform/web/route.hpp"

namespace opsteward::platform {

/// Something a person has to do, for 我的待辦.
struct Task {
    std::string title;
    std::string detail;
    std::string href;
    web::Tone tone = web::Tone::kNeutral;
    std::optional<Instant> due_at;
};

struct SearchHit {
    std::string title;
    std::string detail;
    std::string href;
    std::string_view icon;
};

struct Module {
    std::string_view name;
    std::vector<db::Migration> migrations = {};
    std::vector<db::ViewSpec> views = {};  ///< fact views, in dependency order
    std::vector<identity::PermissionSpec> permissions = {};
    std::vector<web::Route> routes = {};
    std::vector<web::SchemaSpec> schemas = {};
    std::vector<web::MenuEntry> menu = {};
    std::vector<jobs::JobKind> jobs = {};
    /// What this person has to do in this module, most urgent first.
    std::function<Result<std::vector<Task>>(const web::RequestContext&)> tasks = {};
    /// At most `limit` hits this person may see.
    std::function<Result<std::vector<SearchHit>>(const web::RequestContext&, std::string_view query, int limit)> search = {};
};

}  // namespace opsteward::platform
