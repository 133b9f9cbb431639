/** The bucket for exports of users' data. */
package usersapi.export;
