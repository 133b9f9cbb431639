package usersapi.lambda;

import java.util.Locale;
import usersapi.json.JsonObject;

/** The events of an account, by their names in log lines. An operator finds an account's history by them. */
public enum AccountEvent {
    /** The user is new. */
    USER_MADE,
    /** A session was opened; {@code ended} counts the sessions that ended because there were too many. */
    SESSION_OPENED,
    /** The login service has closed a session. */
    SESSION_CLOSED,
    /** The user has signed out. */
    SIGNED_OUT,
    /** The user has ended a session by its id. */
    SESSION_ENDED,
    /** The user has ended all sessions but one; {@code ended} counts them. */
    OTHER_SESSIONS_ENDED,
    /** An operator or the login service has ended all sessions, and the access tokens if the line says {@code tokens}. */
    SESSIONS_REVOKED,
    /** The default access token was replaced by the user. */
    TOKEN_REPLACED,
    /** The user has made a named token. */
    TOKEN_MADE,
    /** The user has ended a named token. */
    TOKEN_ENDED,
    /** The user has another plan, or the plan another status. */
    PLAN_CHANGED,
    /** The user was deleted with all credentials. */
    USER_DELETED;

    /** The members of the invocation's log line about it. */
    public JsonObject toLog() {
        return new JsonObject().put("account_event", name().toLowerCase(Locale.ROOT));
    }
}
