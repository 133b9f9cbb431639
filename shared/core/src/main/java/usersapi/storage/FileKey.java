package usersapi.storage;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import usersapi.item.ItemKey;

/**
 * Names a file.
 *
 * @param userId external id of the user who uploaded it
 * @param fileId the file service's id, unique among the user's files, at most 1016 bytes in UTF-8
 */
public record FileKey(String userId, String fileId) {

    /** The file that an item with this primary key is about, its record or what is counted of it. */
    public static Optional<FileKey> of(String pk, String sk) {
        int hash = sk.indexOf('#');
        if (!pk.startsWith("USER#") || hash < 0) {
            return Optional.empty();
        }
        var key = new FileKey(pk.substring("USER#".length()), sk.substring(hash + 1));
        return sk.equals(key.file().sk()) || sk.equals(key.counted().sk())
                ? Optional.of(key).filter(k -> !k.userId.isEmpty() && !k.fileId.isEmpty())
                : Optional.empty();
    }

    /** Whether what is counted of the file can have a key too: DynamoDB's sort keys have at most 1024 bytes in UTF-8. */
    boolean isCountable() {
        return counted().sk().getBytes(StandardCharsets.UTF_8).length <= 1024;
    }

    /** Key of the file's record. */
    ItemKey file() {
        return ItemKey.file(userId, fileId);
    }

    /** Key of what is counted of it. */
    ItemKey counted() {
        return ItemKey.counted(userId, fileId);
    }
}
