package usersapi.testing;

/**
 * A permission on AWS that a function's policies grant, or that its code uses.
 *
 * @param action IAM's name, for example {@code dynamodb:GetItem}
 * @param resource logical id of the table or secret
 */
public record Permission(String action, String resource) implements Comparable<Permission> {

    /** Parses the text of {@link #toString}. */
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
