package usersapi.user;

import usersapi.table.UsersTable;

/**
 * A person whom an identity provider has signed in, for good: an address may change there, or be given to another person, a subject
 * may not (OpenID Connect Core 1.0, section 2, «sub»).
 *
 * @param issuer the provider's issuer identifier
 * @param id the subject's, to the letter
 */
public record Subject(String issuer, String id) {

    /** Id of the claim that makes the subject one user's. */
    String claim() {
        return UsersTable.subjectClaim(issuer, id);
    }

    @Override
    public String toString() {
        return "Subject[redacted]";
    }
}
