#pragma once

namespace alcuin::app {

class ConversationService;
class ModelService;
class StorageThread;

/// For the start, when no deletion can be undone any more and before a model is loaded: what was deleted goes from the
/// disk for good, its text and what engines keep of it. What engines keep goes unless it is of a conversation that is
/// there; so nothing stays behind, whichever of the two a process before was killed in. Blocks only while the
/// conversations are listed; the rest happens on the storage and the models thread. What fails is told by
/// ConversationService::failed and is tried again at the next start.
void purgeDeleted(StorageThread& storage, ConversationService& conversations, ModelService& models);

} // namespace alcuin::app
