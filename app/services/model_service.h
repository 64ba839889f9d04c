#pragma once

#include <QList>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QUuid>

#include <functional>
#include <memory>

#include "services/chat_values.h"

namespace alcuin::inference {
class TextEngine;
}

namespace alcuin::app {

class SettingsService;

/// Which models there are, and the one that answers. Scanning and loading run on a thread of its own; results come
/// as signals on the GUI thread.
class ModelService : public QObject {
    Q_OBJECT
public:
    /// Makes an engine from a file; may block, runs on the loading thread, reports progress 0..1 and looks at
    /// `cancelled`.
    struct Loader {
        virtual ~Loader() = default;
        struct Outcome {
            std::shared_ptr<inference::TextEngine> engine; ///< null: `problem` says why
            Trouble problem;
        };
        virtual Outcome load(const QString& path, const std::function<void(double)>& progress,
                             const std::function<bool()>& cancelled) = 0;
        virtual ModelEntry describe(const QString& path) = 0;
        /// Deletes what engines keep on disk of conversations other than these. May block, runs on the loading thread.
        /// Returns why it may still be there; an empty title: it is gone.
        virtual Trouble keepStatesOf(const QList<QUuid>& conversations) = 0;
    };

    ModelService(std::unique_ptr<Loader> loader, const QString& modelDirectory, SettingsService& settings,
                 QObject* parent = nullptr);
    ~ModelService() override;

    QString modelDirectory() const;
    /// As last reported by modelsChanged.
    const QList<ModelEntry>& models() const;
    /// The directory was looked through: models() says what there is.
    bool hasLooked() const;
    EngineState state() const;
    /// The model that is loading, ready or failed; an empty path when there is none.
    const ModelEntry& current() const;
    const Trouble& trouble() const;
    /// Null unless state() is kReady.
    std::shared_ptr<inference::TextEngine> engine() const;

    /// Looks through the model directory again.
    void refresh();
    /// Loads a file from anywhere (it stays where it is) and remembers it as the one to use.
    void use(const QString& path);
    /// The same for one conversation's or answer's sake: the next start still begins with the one to use.
    void useForNow(const QString& path);
    /// At start: loads the model used last, or the first one that can be used.
    void useLast();
    /// Deletes what engines keep on disk of conversations other than these; with or without a model. Answered by
    /// statesKept.
    void keepStatesOf(const QList<QUuid>& conversations);

signals:
    void modelsChanged(const QList<alcuin::app::ModelEntry>& models);
    void stateChanged(alcuin::app::EngineState state);
    void loadProgress(double fraction);
    /// `trouble` has an empty title where all went well.
    void statesKept(const alcuin::app::Trouble& trouble);

private:
    void takeModels(const QList<ModelEntry>& models);
    void takeDescription(quint64 number, const ModelEntry& entry);
    void takeEngine(quint64 number, const std::shared_ptr<inference::TextEngine>& engine, const Trouble& trouble);
    void load(const QString& absolutePath);
    void setState(EngineState state);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace alcuin::app
