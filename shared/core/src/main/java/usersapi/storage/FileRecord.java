package usersapi.storage;

import java.util.Optional;

/**
 * The file service's record of a file: the contract between it and the storage totals.
 *
 * @param status the state of the upload
 * @param size bytes, 0 to 2^63-1: the actual size once it is known, before that the expected one; empty while unknown
 */
public record FileRecord(Status status, Optional<Long> size) {

    /** The state of an upload. */
    public enum Status {
        /** The client does not have the upload's address yet. */
        PENDING_URL,
        /** Uploaded, not yet checked. */
        FINALIZING,
        /** Complete: the only status that counts, and one that needs a size. */
        AVAILABLE,
        /** The upload failed. */
        FAILED
    }
}
