package usersapi.testing;

/**
 * One thing that a function may do on AWS, or does: granted by its policies, or used by its code.
 *
 * @param action IAM's name, as {@code dynamodb:GetItem}
 * @param resource logical id of the table or secret
 */
public record Permission(String action, String resource) implements Comparable<Permission> {

    /** Reads what {@link #toString} writes. */
    static Permission parse(String text) {
        var parts = text.split(" ", 2);
        return new Permission(parts[0], parts[1]);
    }

    @Override
    public int compareTo(Permission other) {
        return toString().compareTo(other.toString());
    }

    /** Action and resource with a space between them. */
    @Override
    public String toString() {
        return action + " " + resource;
    }
}
