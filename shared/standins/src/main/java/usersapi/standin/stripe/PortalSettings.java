package usersapi.standin.stripe;

/**
 * The dashboard's settings of the customer portal.
 *
 * @see <a href="https://dashboard.stripe.com/settings/billing/portal">The portal's settings</a>
 */
public enum PortalSettings {
    /** Nobody has saved the settings yet: the portal cannot be opened. */
    NOT_SAVED,
    /** Saved with the defaults: customers cannot change their plan. */
    SAVED,
    /** Customers can change their plan. */
    WITH_CHANGE_OF_PLAN
}
