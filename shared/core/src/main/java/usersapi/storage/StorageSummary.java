package usersapi.storage;

import java.math.BigInteger;

/**
 * What a user stores (docs/api.md, «Get storage summary»).
 *
 * @param totalBytes sum of the sizes of the user's AVAILABLE files
 * @param fileCount how many these are
 */
public record StorageSummary(BigInteger totalBytes, long fileCount) {

    /** Nothing yet. */
    public static final StorageSummary EMPTY = new StorageSummary(BigInteger.ZERO, 0);
}
