#include "features/vulnerabilities/vans/payload.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "features/vulnerabilities/vans/collector.hpp"

namespace opsteward::vans {
namespace {

const std::string kKey(88, 'k');

Inventory Example() {
    Collector collector({.oid = "2.16.886.101", .org_name = "測試局"});
    const auto* const lines = R"({"host":"h1","packages":[{"name":"a \"q\"","version":"1","publisher":"v"},{"name":"b","version":"2"}]})";
    EXPECT_TRUE(collector.Add(lines).ok());
    EXPECT_TRUE(collector.Add(R"({"host":"h2","packages":[{"name":"b","version":"2"},{"name":"switch","version":"3","category":"hardware"}]})").ok());
    EXPECT_TRUE(collector.Add(R"({"host":"h3","org":"另一局","packages":[{"name":"b","version":"2"}]})").ok());
    EXPECT_TRUE(collector.Add(R"({"host":"h1","packages":[{"name":"b","version":"2"}]})").ok());
    EXPECT_TRUE(collector.faults().empty());
    return collector.Take();
}

template <typename Writer>
json::object Write(const Writer& writer, std::size_t& items) {
    std::string text;
    const auto written = writer(Example(), kKey, [&text](std::string_view bytes) {
        text += bytes;
        return Ok();
    });
    EXPECT_TRUE(written.ok());
    items = written.value();
    return ParseJson(text).value().as_object();
}

TEST(Payload, TheSecondGenerationHasNineTextsForEachProductOnEachMachine) {
    std::size_t items = 0;
    const json::object payload = Write(WriteSecondGeneration, items);
    EXPECT_EQ(payload.size(), 2U);
    EXPECT_EQ(payload.at("api_key").as_string(), kKey);
    const json::array& data = payload.at("data").as_array();
    EXPECT_EQ(data.size(), items);
    ASSERT_EQ(items, 5U);
    for (const json::value& item : data) {
        EXPECT_EQ(item.as_object().size(), 9U);
        for (const char* name : {"oid", "orgName", "identifier", "assetGroupCode", "assetName", "brand", "version", "cpe", "cpeName"}) {
            EXPECT_FALSE(item.at(name).as_string().empty()) << name;
        }
    }
    EXPECT_EQ(data[0].at("assetName").as_string(), "a \"q\"");
    EXPECT_EQ(data[4].at("orgName").as_string(), "另一局");
}

TEST(Payload, TheFirstGenerationCountsMachines) {
    std::size_t items = 0;
    const json::object payload = Write(WriteFirstGeneration, items);
    const json::array& data = payload.at("data").as_array();
    ASSERT_EQ(data.size(), 4U);
    EXPECT_EQ(items, 4U);
    for (const json::value& item : data) EXPECT_EQ(item.as_object().size(), 9U);
    EXPECT_EQ(data[1].at("product_name").as_string(), "b");
    EXPECT_EQ(data[1].at("asset_number").as_string(), "2");
    EXPECT_EQ(data[1].at("category").as_string(), "software");
    EXPECT_EQ(data[2].at("category").as_string(), "hardware");
    EXPECT_EQ(data[3].at("unit_name").as_string(), "另一局");
    EXPECT_EQ(data[3].at("asset_number").as_string(), "1");
}

TEST(Payload, AnEmptyInventoryIsAnEmptyArray) {
    std::string text;
    const Sink sink = [&text](std::string_view bytes) {
        text += bytes;
        return Ok();
    };
    EXPECT_EQ(WriteSecondGeneration({}, "", sink).value(), 0U);
    EXPECT_TRUE(ParseJson(text).value().at("data").as_array().empty());
}

TEST(Payload, WhatTheSinkCannotTakeEndsTheWriting) {
    const Sink sink = [](std::string_view) -> Result<void> { return Error::Hidden(ErrorCode::kFull, "full"); };
    EXPECT_EQ(WriteFirstGeneration(Example(), "", sink).error().code, ErrorCode::kFull);
    EXPECT_EQ(WriteSecondGeneration(Example(), "", sink).error().code, ErrorCode::kFull);
}

TEST(ApiKey, IsCheckedAndNeverToldInAnError) {
    EXPECT_TRUE(CheckApiKey(kKey, Generation::kFirst).ok());
    EXPECT_TRUE(CheckApiKey("secret", Generation::kSecond).ok());
    for (const std::string& key : {std::string(), std::string("secret"), std::string(89, 'k'), std::string(87, 'k') + " ", std::string(87, 'k') + "\xE9"}) {
        const auto checked = CheckApiKey(key, Generation::kFirst);
        ASSERT_FALSE(checked.ok());
        EXPECT_TRUE(key.empty() || checked.error().operator_text.find(key) == std::string::npos);
    }
    EXPECT_FALSE(CheckApiKey("", Generation::kSecond).ok());
    EXPECT_FALSE(CheckApiKey("a\nb", Generation::kSecond).ok());
    EXPECT_FALSE(CheckApiKey(std::string(1025, 'k'), Generation::kSecond).ok());
}

}  // namespace
}  // namespace opsteward::vans
