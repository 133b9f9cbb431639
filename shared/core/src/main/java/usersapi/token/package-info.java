/** Access tokens, default and named, and their encryption at rest. */
package usersapi.token;
