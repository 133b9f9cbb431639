package usersapi.storage;

/** The outcome of settling a file. */
public sealed interface Settlement {

    /** The total agrees with the file; {@code changed} if it did not before. */
    record Settled(boolean changed) implements Settlement {}

    /** This attribute of the file's record breaks the contract; what was counted before stays. */
    record Malformed(String attribute) implements Settlement {}

    /** It could not be settled now: a value, because whoever settles many goes on with the next. */
    record Failed(RuntimeException cause) implements Settlement {}
}
