#include "platform/web/address.hpp"

#include <gtest/gtest.h>

namespace opsteward::web {
namespace {

net::Request RequestFor(std::string path, std::string_view query) {
    net::Request request;
    request.path = std::move(path);
    request.query = net::FormFields::Parse(query).value();
    return request;
}

TEST(Address, KeepsTheQueryWithoutPageAndFormat) {
    const Address address = Address::Of(RequestFor("/audit", "q=a+b&page=3&format=csv&kind=&before=7"));
    EXPECT_EQ(address.text(), "/audit?q=a%20b&before=7");
}

TEST(Address, ChangesOneFieldOfACopy) {
    const Address address = Address::Of(RequestFor("/jobs", "kind=x&state=failed"));
    EXPECT_EQ(address.With("kind", "y").text(), "/jobs?kind=y&state=failed");
    EXPECT_EQ(address.With("kind", "").text(), "/jobs?state=failed");
    EXPECT_EQ(address.With("before", "9").text(), "/jobs?kind=x&state=failed&before=9");
    EXPECT_EQ(address.text(), "/jobs?kind=x&state=failed");
    EXPECT_EQ(Address("/audit").text(), "/audit");
}

}  // namespace
}  // namespace opsteward::web
