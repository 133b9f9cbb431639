package usersapi.storage;

import java.math.BigInteger;

/**
 * The storage of a user (docs/api.md, «Get storage summary»).
 *
 * @param totalBytes sum of the sizes of the user's AVAILABLE files
 * @param fileCount the number of these files
 */
public record StorageSummary(BigInteger totalBytes, long fileCount) {

    /** The storage of a user without files. */
    public static final StorageSummary EMPTY = new StorageSummary(BigInteger.ZERO, 0);
}
