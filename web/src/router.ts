// Routes of frontend.md 3; each page is a lazy chunk. The guard only chooses pages (the server decides):
// signed-out visitors of a workplace are asked to sign in over the page, and a forced password comes first.
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { textsReady } from '@/i18n'
import { askSignIn, me } from '@/api/session'

const staff = { shell: 'staff', live: true, signIn: true }
const routes: RouteRecordRaw[] = [
  { path: '/', component: () => import('@/audience/portal/HomePage.vue') },
  { path: '/items', component: () => import('@/audience/portal/ItemsPage.vue') },
  { path: '/i/:code', component: () => import('@/audience/portal/GuidePage.vue') },
  { path: '/bundles/:code', component: () => import('@/audience/portal/BundlePage.vue') },
  { path: '/sign-in', component: () => import('@/audience/portal/SignInPage.vue') },
  { path: '/register', component: () => import('@/audience/portal/RegisterPage.vue') },
  { path: '/code', component: () => import('@/audience/portal/CodePage.vue') },
  { path: '/password', component: () => import('@/audience/portal/PasswordPage.vue'), meta: { signIn: true } },
  { path: '/apply/:code/:page?', component: () => import('@/audience/portal/ApplyPage.vue'), meta: { shell: 'focus', signIn: true, key: 'apply' } },
  { path: '/setup', component: () => import('@/audience/portal/SetupPage.vue'), meta: { signIn: true } },
  { path: '/my/mandates', component: () => import('@/audience/portal/MandatesPage.vue'), meta: { signIn: true } },
  { path: '/my', component: () => import('@/audience/portal/MyPage.vue'), meta: { signIn: true, live: true } },
  { path: '/m/:number/receipt', component: () => import('@/audience/portal/ReceiptPage.vue'), meta: { signIn: true } },
  { path: '/m/:number', component: () => import('@/feature/matter/MatterPage.vue'), meta: { shell: 'auto', signIn: true, live: true } },
  { path: '/w', component: () => import('@/audience/window/WindowPage.vue'), meta: staff },
  { path: '/w/new', component: () => import('@/audience/window/WalkInPage.vue'), meta: staff },
  { path: '/w/people', component: () => import('@/audience/window/PeoplePage.vue'), meta: staff },
  { path: '/w/:number', component: () => import('@/audience/window/IntakePage.vue'), meta: staff },
  { path: '/a', component: () => import('@/audience/approve/ApprovePage.vue'), meta: staff },
  { path: '/d', component: () => import('@/audience/deliver/DeliverPage.vue'), meta: staff },
  {
    path: '/b', component: () => import('@/audience/bureau/BureauPage.vue'), meta: staff, redirect: '/b/office',
    children: [
      { path: 'office', component: () => import('@/audience/bureau/OfficeTab.vue') },
      { path: 'units', component: () => import('@/audience/bureau/UnitsTab.vue') },
      { path: 'staff', component: () => import('@/feature/staff/StaffList.vue') },
      { path: 'items', component: () => import('@/audience/bureau/ItemsTab.vue') },
      { path: 'items/:code', component: () => import('@/audience/bureau/ItemTab.vue') },
      { path: 'import', component: () => import('@/audience/bureau/ImportTab.vue') },
      { path: 'calendar', component: () => import('@/audience/bureau/CalendarTab.vue') },
      { path: 'definitions', component: () => import('@/audience/bureau/DefinitionsTab.vue') },
      { path: 'params', component: () => import('@/audience/bureau/ParamsTab.vue') },
    ],
  },
  {
    path: '/admin', component: () => import('@/audience/admin/AdminPage.vue'), meta: staff,
    children: [
      { path: '', component: () => import('@/audience/admin/TimeTab.vue') },
      { path: 'accounts', component: () => import('@/feature/staff/StaffList.vue') },
      { path: 'sign-ins', component: () => import('@/audience/admin/SignInsTab.vue') },
      { path: 'audit', component: () => import('@/audience/admin/AuditTab.vue') },
    ],
  },
  { path: '/problems/:slug', component: () => import('@/audience/portal/ProblemPage.vue') },
  { path: '/:rest(.*)*', component: () => import('@/audience/portal/NotFoundPage.vue') },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior(to, from, saved) {
    if (saved) return saved
    if (to.hash) return { el: to.hash, top: 80 }
    return to.path === from.path ? false : { top: 0 }
  },
})

router.beforeEach(async (to) => {
  if (me.value?.must_change_password && to.path !== '/password') return { path: '/password', query: { next: to.fullPath } }
  if (me.value?.setup_needed && !me.value.must_change_password && to.path !== '/setup') return '/setup'
  if (to.meta['signIn'] !== true || !me.value || me.value.person) return true
  // nothing is shown yet: sign-in is a page; otherwise it opens over the page
  if (router.currentRoute.value.matched.length === 0) return { path: '/sign-in', query: { next: to.fullPath } }
  if (!(await askSignIn())) return false
  return me.value.must_change_password ? { path: '/password', query: { next: to.fullPath } } : true
})
router.beforeResolve(async () => { await textsReady() })
