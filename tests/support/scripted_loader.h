#pragma once

#include <QFileInfo>

#include <functional>
#include <memory>

#include "services/model_service.h"
#include "support/scripted_engine.h"

namespace alcuin::tests {

/// "Loads" one ScriptedEngine, whatever the path, unless the file's name says "broken".
class ScriptedLoader : public app::ModelService::Loader {
public:
    explicit ScriptedLoader(std::shared_ptr<ScriptedEngine> engine) : m_engine(std::move(engine)) {}

    Outcome load(const QString& path, const std::function<void(double)>& progress,
                 const std::function<bool()>&) override {
        progress(0.5);
        if (beforeLoad) {
            beforeLoad();
        }
        if (path.contains(QLatin1String("broken"))) {
            app::Trouble trouble;
            trouble.title = QStringLiteral("This model can't be used");
            trouble.text = QStringLiteral("It is broken.");
            return {nullptr, trouble};
        }
        return {m_engine, {}};
    }

    app::ModelEntry describe(const QString& path) override {
        app::ModelEntry entry;
        entry.path = path;
        entry.name = QFileInfo(path).completeBaseName();
        entry.contextLength = 2048;
        entry.fileBytes = QFileInfo(path).size();
        if (path.contains(QLatin1String("broken"))) {
            entry.problem = QStringLiteral("It is broken.");
        }
        return entry;
    }

    app::Trouble keepStatesOf(const QList<QUuid>& conversations) override {
        return onKeep ? onKeep(conversations) : app::Trouble();
    }

    /// Called on the loading thread; set before a service has the loader.
    std::function<app::Trouble(const QList<QUuid>& conversations)> onKeep;
    /// Called on the loading thread in the middle of every load; set before a service has the loader.
    std::function<void()> beforeLoad;

private:
    std::shared_ptr<ScriptedEngine> m_engine;
};

} // namespace alcuin::tests
