package usersapi.user;

import usersapi.table.UsersTable;

/**
 * A person at an identity provider. A subject never changes and never belongs to another person, unlike an address (OpenID
 * Connect Core 1.0, section 2, «sub»).
 *
 * @param issuer the provider's issuer identifier
 * @param id the subject's id, exactly as the provider gives it
 */
public record Subject(String issuer, String id) {

    /** Id of the claim that makes the subject belong to one user. */
    String claim() {
        return UsersTable.subjectClaim(issuer, id);
    }

    @Override
    public String toString() {
        return "Subject[redacted]";
    }
}
