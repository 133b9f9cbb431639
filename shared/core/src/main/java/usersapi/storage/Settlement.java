package usersapi.storage;

/** The outcome of settling a file. */
public sealed interface Settlement {

    /** The total agrees with the file; {@code changed} says whether the settlement changed it. */
    record Settled(boolean changed) implements Settlement {}

    /** This attribute of the file's record breaks the contract; the total keeps what was counted before. */
    record Malformed(String attribute) implements Settlement {}

    /** The file could not be settled now. This is a value, because a caller with many files continues with the next. */
    record Failed(RuntimeException cause) implements Settlement {}
}
