#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <alcuin/storage/database.h>
#include <alcuin/storage/error.h>

namespace alcuin::storage {

/// Small named values: the last model, the window's place, the theme. Threads: the database's.
class SettingsStore {
public:
    explicit SettingsStore(Database& database);

    Result<std::map<std::string, std::string, std::less<>>> all();
    Result<void> set(std::string_view key, std::string_view value);
    Result<void> remove(std::string_view key);

private:
    Connection* connection_;
};

} // namespace alcuin::storage
