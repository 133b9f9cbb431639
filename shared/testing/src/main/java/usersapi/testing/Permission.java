package usersapi.testing;

/**
 * One thing that a function may do on AWS, or does: granted by its policies, or used by its code.
 *
 * @param action IAM's name, as {@code dynamodb:GetItem}
 * @param resource logical id of the table or secret
 * @param keys which partition keys of a table, as {@code dynamodb:LeadingKeys} puts it: {@code USER#*}; {@code *} for all,
 *     or of what has none
 */
public record Permission(String action, String resource, String keys) implements Comparable<Permission> {

    /** Whatever the keys. */
    public static final String ALL = "*";

    /** Reads what {@link #toString} writes. */
    static Permission parse(String text) {
        var parts = text.split(" ", 3);
        return new Permission(parts[0], parts[1], parts[2]);
    }

    @Override
    public int compareTo(Permission other) {
        return toString().compareTo(other.toString());
    }

    /** Action, resource and keys with a space between them. */
    @Override
    public String toString() {
        return "%s %s %s".formatted(action, resource, keys);
    }
}
