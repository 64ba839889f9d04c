#include "storage_fixture.h"

#include <QDirIterator>
#include <QFile>

namespace alcuin::tests {

using namespace storage;

std::filesystem::path pathOf(const QTemporaryDir& directory) {
    return QFile::encodeName(directory.path()).toStdString();
}

std::unique_ptr<Database> openDatabase(const std::filesystem::path& directory, Clock* clock) {
    Sources sources = Sources::system();
    if (clock != nullptr) {
        sources.now = [clock] { return clock->now; };
    }
    auto database = Database::open(directory, sources);
    if (!database) {
        qFatal("%s", database.error().message.c_str());
    }
    return std::move(*database);
}

std::vector<Part> textParts(std::string text) {
    Part part;
    part.text = std::move(text);
    return {std::move(part)};
}

Generation someGeneration() {
    Generation generation;
    generation.modelName = "SmolLM2-135M-Instruct";
    generation.modelPath = "/models/SmolLM2-135M-Instruct.Q4_1.gguf";
    generation.parametersJson = R"({"temperature":0.7})";
    generation.seed = 0xFEDCBA9876543210ULL;
    generation.vocabularyHash = 0x8000000000000001ULL;
    return generation;
}

std::string textOf(const Message& message) {
    std::string text;
    for (const auto& part : message.parts) {
        text += part.text;
    }
    return text;
}

QByteArray allBytes(const std::filesystem::path& directory) {
    QByteArray bytes;
    QDirIterator files(QString::fromStdString(directory.string()), QDir::Files | QDir::Hidden,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (!file.open(QIODevice::ReadOnly)) {
            qFatal("%s can't be read", qPrintable(file.fileName()));
        }
        bytes += file.readAll();
    }
    return bytes;
}

void StorageFixture::reopen() {
    database.reset();
    database = openDatabase(pathOf(directory), &clock);
    store = ConversationStore(*database);
}

ConversationStore::Turn StorageFixture::ask(const Id& conversation, const std::optional<Id>& parent,
                                            const std::string& question, const std::string& answer) {
    auto turn = store.appendTurn(conversation, parent, textParts(question), someGeneration());
    if (!turn) {
        qFatal("%s", turn.error().message.c_str());
    }
    const auto finished =
        store.finishAnswer(turn->answer.id, MessageState::kComplete, textParts(answer), someGeneration());
    if (!finished) {
        qFatal("%s", finished.error().message.c_str());
    }
    return *turn;
}

std::string StorageFixture::shown(const Id& conversation) {
    const auto path = store.activePath(conversation);
    if (!path) {
        return path.error().message;
    }
    std::string texts;
    for (const auto& entry : *path) {
        texts += (texts.empty() ? "" : " / ") + textOf(entry.message);
    }
    return texts;
}

} // namespace alcuin::tests
