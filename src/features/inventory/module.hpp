// The inventory for the composition root: the register of devices, what is observed of them, and what is approved on them.
//
//   auto surroundings = std::make_shared<inventory::Surroundings>(database, &procedure, wake_jobs, on_change);
//   auto observing = std::make_shared<inventory::Observing>(database, observer, inventory::ReadHostIdentity("/", *observer));
//   platform::Module module = inventory::MakeModule(surroundings, observing);
//   … after migrating, and once there is a unit: inventory::RegisterOwnHost(database, clock, observing->host()) …
#pragma once

#include <memory>
#include <vector>

#include "features/inventory/device_store.hpp"
#include "features/inventory/observing.hpp"
#include "features/inventory/own_records.hpp"
#include "features/inventory/surroundings.hpp"
#include "platform/identity/permission.hpp"
#include "platform/module.hpp"

namespace opsteward::inventory {

/// devices.read, devices.manage, devices.approve
std::vector<identity::PermissionSpec> Permissions();

/// Its views read those of identity. What it returns keeps both alive.
platform::Module MakeModule(std::shared_ptr<const Surroundings> surroundings, std::shared_ptr<Observing> observing);

}  // namespace opsteward::inventory
