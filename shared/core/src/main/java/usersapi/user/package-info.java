/** Users: registration, profiles, settings, identity provider's subjects, deletion. */
package usersapi.user;
