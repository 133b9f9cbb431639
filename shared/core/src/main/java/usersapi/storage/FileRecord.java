package usersapi.storage;

import java.util.Optional;

/**
 * The file service's record of a file: the contract between it and the storage totals.
 *
 * @param status how far the upload has come
 * @param size bytes, 0 to 2^63-1: the actual size once it is known, before that the expected one; empty while unknown
 */
public record FileRecord(Status status, Optional<Long> size) {

    /** How far an upload has come. */
    public enum Status {
        /** The client has not yet been given where to upload to. */
        PENDING_URL,
        /** Uploaded, not yet checked. */
        FINALIZING,
        /** Complete: the only status that counts, and one that needs a size. */
        AVAILABLE,
        /** The upload came to nothing. */
        FAILED
    }
}
