package usersapi.storage;

import static usersapi.table.FilesTable.SIZE;
import static usersapi.table.FilesTable.STATUS;

import java.util.Arrays;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The amount that a file adds to its user's total. */
sealed interface Contribution {

    /** This many bytes, and one file or none. */
    record Counts(long bytes, int files) implements Contribution {

        static final Counts NOTHING = new Counts(0, 0);
    }

    /** The amount is unknown, because this attribute of the file's item breaks the contract. */
    record Malformed(String attribute) implements Contribution {}

    /** Reads a file's item, which is empty if there is none. Another service writes it, so every attribute is checked. */
    static Contribution of(Map<String, AttributeValue> file) {
        if (file.isEmpty()) {
            return Counts.NOTHING;
        }
        var absent = AttributeValue.builder().build();
        var status = file.getOrDefault(STATUS.name(), absent).s();
        if (Arrays.stream(FileRecord.Status.values()).noneMatch(known -> known.name().equals(status))) {
            return new Malformed(STATUS.name());
        }
        if (!FileRecord.Status.AVAILABLE.name().equals(status)) {
            return Counts.NOTHING;
        }
        try {
            long size = Long.parseLong(file.getOrDefault(SIZE.name(), absent).n());
            return size < 0 ? new Malformed(SIZE.name()) : new Counts(size, 1);
        } catch (NumberFormatException e) { // absent, no number, a fraction, or more than 2^63-1
            return new Malformed(SIZE.name());
        }
    }
}
