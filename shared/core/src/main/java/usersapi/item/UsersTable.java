package usersapi.item;

import usersapi.config.Environment;

/**
 * The table.
 *
 * @param name {@code TABLE_NAME}: what DynamoDB calls it
 */
public record UsersTable(String name) {

    /** The one that the environment names. */
    public UsersTable(Environment environment) {
        this(environment.required("TABLE_NAME"));
    }
}
