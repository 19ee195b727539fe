// What the tests of this room start from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/console/access/module.hpp"
#include "platform/console/testing/gate_client.hpp"

namespace opsteward::console {

using identity::Role;
using testing::GateClient;
using testing::LocationOf;
using testing::Must;
using testing::PageText;
using testing::TestConsole;
using testing::TestPerson;

class AccessTest : public ::testing::Test {
  protected:
    /// A person signed in to a browser of their own.
    GateClient BrowserOf(const TestPerson& person, Language language = Language::kZhHant) {
        return GateClient(console_, language).SignIn(person);
    }
    identity::Account Account(std::int64_t id) { return Must(console_.identity().FindAccount(id)); }
    std::vector<audit::Entry> Trail() {
        audit::Filter all;
        all.limit = 1000;
        return Must(console_.database().Read<std::vector<audit::Entry>>(
            [&](db::Session& session) { return audit::Search(session, all); }));
    }
    /// The trail as it is kept, in one text.
    std::string TrailText() {
        std::string text;
        for (const audit::Entry& entry : Trail()) {
            text += entry.change.action + " " + entry.change.subject_name + " " + json::serialize(entry.change.before) +
                    " " + json::serialize(entry.change.after) + "\n";
        }
        return text;
    }
    /// What stands between two texts, the first time.
    static std::string Between(const std::string& text, std::string_view before, std::string_view after) {
        const auto begin = text.find(before);
        if (begin == std::string::npos) return {};
        const auto end = text.find(after, begin + before.size());
        return text.substr(begin + before.size(), end - begin - before.size());
    }

    TestConsole console_{
        [](std::shared_ptr<const Services> services) { return std::vector{AccessModule(std::move(services))}; }};
    const std::int64_t top_ = console_.top_unit();
};

}  // namespace opsteward::console
